// Environment variables that the vendors document for their API keys. The CLI looks for them, the clients read them.
export const keyVariables = { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' } as const;
