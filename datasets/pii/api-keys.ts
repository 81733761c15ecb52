// Keys and tokens of services, by the prefixes that the services publish, and values that an assignment calls a key.
import type { Found } from './finding.ts';
import { bitsPerCharacter } from './randomness.ts';

/**
 * One alternative a service. Sources: the services' own pages on key formats and secret scanning. Lengths are bounded,
 * so that a match costs the same everywhere.
 */
const known = new RegExp(
  `(?<![A-Za-z0-9_])(?:${[
    // Anthropic, OpenAI (also the older keys without a kind) and those that follow them.
    String.raw`sk-ant-[a-z]{2,12}\d{2}-[\w-]{20,200}`,
    String.raw`sk-(?:proj|svcacct|admin|or-v1|None)-[\w-]{20,250}`,
    String.raw`sk-[A-Za-z0-9]{32,64}`,
    // AWS key ids.
    String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}`,
    // GitHub, GitLab.
    String.raw`gh[opusr]_[A-Za-z0-9]{36,255}`,
    String.raw`github_pat_\w{40,120}`,
    String.raw`gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\w-]{20,200}(?:\.[\w-]{2,40}){0,3}`,
    // Slack.
    String.raw`xox[abeoprs]-[A-Za-z0-9-]{10,250}`,
    String.raw`xapp-\d-[A-Za-z0-9-]{20,250}`,
    // Google: API keys, OAuth secrets and access tokens.
    String.raw`AIza[\w-]{35}`,
    String.raw`GOCSPX-[\w-]{28}`,
    String.raw`ya29\.[\w-]{20,250}`,
    // Stripe.
    String.raw`(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,250}`,
    String.raw`whsec_[A-Za-z0-9+/]{24,64}={0,2}`,
    // Hugging Face, npm, PyPI.
    String.raw`hf_[A-Za-z0-9]{30,40}`,
    String.raw`npm_[A-Za-z0-9]{36}`,
    String.raw`pypi-[\w-]{60,250}`,
    // SendGrid, DigitalOcean, Databricks, Shopify.
    String.raw`SG\.[\w-]{16,32}\.[\w-]{32,64}`,
    String.raw`do[opr]_v1_[a-f0-9]{64}`,
    String.raw`dapi[a-f0-9]{32}`,
    String.raw`shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}`,
    // JSON Web Tokens (RFC 7519): header and claims are JSON objects, so that both begin with eyJ.
    String.raw`(?<!-)eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{16,1000}`,
  ].join('|')})(?![A-Za-z0-9])`,
  'gu',
);

const webhook = /hooks\.slack\.com\/(?:services|workflows)\/[\w/]{20,100}/gu;

/** `api_key = …`, `"clientSecret": "…"`, `Authorization: Bearer …`, `export TOKEN=…`. */
const assigned =
  /(?:(?:api|access|secret|private|auth|account|encryption|signing|client|aws|app)[ _-]{0,1}(?:key|token|secret)(?:[ _-]{0,1}(?:id|key))?|apikey|token|secret|passw(?:or)?d|passphrase|pwd|credential)s?["'`\]]{0,2} {0,3}(?::=|=>|[:=]|\bis\b) {0,3}["'`]?([\w./+~=-]{16,200})|\bBearer {1,3}([\w./+~=-]{16,200})/giu;
/** What an earlier pass may have put there. */
const pseudonym = /^[a-z_]{2,20}-[\da-f]{12}$/u;
/** Less is a word or a pattern of the keyboard; random hex digits have about 3.5 in 32 characters. */
const leastBits = 3;

export function findApiKeys(text: string, found: Found): void {
  for (const match of text.matchAll(known)) {
    found('api_key', match.index, match.index + match[0].length);
  }
  for (const match of text.matchAll(webhook)) {
    found('api_key', match.index, match.index + match[0].length);
  }
  for (const match of text.matchAll(assigned)) {
    const value = (match[1] ?? match[2] ?? '').replace(/[.-]+$/u, '');
    const start = match.index + match[0].lastIndexOf(value);
    if (value.length >= 16 && looksRandom(value)) {
      found('api_key', start, start + value.length);
    }
  }
}

/** Both letters and digits, spread like random ones; not a path, a version or words joined by dashes. */
function looksRandom(value: string): boolean {
  const mixed = /\d/u.test(value) && /[a-z]/iu.test(value);
  const words = value.split(/[._/-]/u).filter((word) => /^[a-z]*$/iu.test(word)).length;
  return mixed && !pseudonym.test(value) && bitsPerCharacter(value) >= leastBits && words <= 3;
}
