import { describe, expect, it } from 'vitest';
import { BadInput } from '../../domain/bad-input.ts';
import { piiSchema } from '../../domain/recipe-pii.ts';
import { createPiiStep, piiTextsOf, type PiiDropped, type PiiKept, type PiiRow } from './step.ts';
import { syntheticPii } from './synthetic-pii.ts';

const key = 'a secret of tests, long enough';
const redact = createPiiStep(piiSchema.parse({}));

function kept<Row>(outcome: PiiKept<Row> | PiiDropped): PiiKept<Row> {
  if ('rule' in outcome) {
    throw new Error('expected a row that is kept');
  }
  return outcome;
}

const row = {
  id: 'r1',
  input: 'Mail anna@example.com or call +44 20 7946 0018.',
  output: 'contact',
  rejected: 'anna@example.com',
  tags: { owner: 'anna@example.com' },
  messages: [
    { role: 'user', content: 'I am anna@example.com' },
    { role: 'assistant', content: 'Hello' },
  ],
};

describe('redaction', () => {
  it('puts placeholders into input, output, rejected and turns, and leaves the rest', () => {
    const { row: changed, counts } = kept(redact(row));
    expect(changed).toEqual({
      ...row,
      input: 'Mail [EMAIL] or call [PHONE].',
      rejected: '[EMAIL]',
      messages: [
        { role: 'user', content: 'I am [EMAIL]' },
        { role: 'assistant', content: 'Hello' },
      ],
    });
    expect(Object.fromEntries(counts ?? [])).toEqual({ email: 3, phone: 1 });
  });

  it('puts placeholders into the arguments of tool calls, and leaves names, numbers and members', () => {
    const args = { to: ['anna@example.com', 7], note: { text: 'none' }, 'bo@example.com': null };
    const turns = [
      { role: 'assistant', content: 'sending', calls: [{ name: 'send', arguments: args }] },
      { role: 'tool', content: 'sent to anna@example.com' },
    ];
    const { row: changed } = kept(redact({ input: 'a', output: 'b', messages: turns }));
    expect(changed.messages).toEqual([
      {
        ...turns[0],
        calls: [{ name: 'send', arguments: { to: ['[EMAIL]', 7], note: { text: 'none' }, 'bo@example.com': null } }],
      },
      { role: 'tool', content: 'sent to [EMAIL]' },
    ]);
  });

  it('gives back the same row where nothing was found', () => {
    const clean = { input: 'The sky is blue.', output: 'sky' };
    expect(redact(clean)).toEqual({ row: clean, counts: undefined });
    expect(kept(redact(clean)).row).toBe(clean);
  });

  it.each(['redact', 'pseudonym'])('by %s leaves nothing for a second pass to find', (action) => {
    const step = createPiiStep(piiSchema.parse({ action }), key);
    const set = syntheticPii(3, 40, 20);
    const texts = [
      ...set.map(({ text }) => text),
      ...set.map(({ text }, index) => text + (set[(index * 7) % set.length]?.text ?? '')),
    ];
    const again = texts.filter((input) => kept(step(kept(step({ input, output: '' })).row)).counts !== undefined);
    expect(again).toEqual([]);
  });

  it('takes findings of an analyzer beside its own', () => {
    const named = { input: 'Anna Smith, anna@example.com', output: 'x' };
    const extra = piiTextsOf(named).map((_, index) => (index === 0 ? [{ type: 'person', start: 0, end: 10 }] : []));
    expect(kept(redact(named, extra)).row.input).toBe('[PERSON], [EMAIL]');
  });

  it('drops a row whose text the analyzer fails at', () => {
    const outcome = redact({ input: 'a', output: 'b' }, [[], undefined]);
    expect(outcome).toMatchObject({ rule: 'personal_data', detail: 'the analyzer failed at a text of this row' });
  });

  it('counts a type that is called like a property of every object', () => {
    const step = createPiiStep(piiSchema.parse({ patterns: [{ name: 'constructor', pattern: 'EMP-[0-9]{4}' }] }));
    expect(kept(step({ input: 'EMP-1234', output: '' })).counts?.get('constructor')).toBe(1);
  });
});

describe('dropping and reporting', () => {
  it('drops with the types alone', () => {
    const step = createPiiStep(piiSchema.parse({ action: 'drop' }));
    expect(step(row)).toMatchObject({ rule: 'personal_data', detail: 'email, phone' });
    expect(step({ input: 'a', output: 'b' })).toEqual({ row: { input: 'a', output: 'b' }, counts: undefined });
  });

  it('reports without a change', () => {
    const { row: same, counts } = kept(createPiiStep(piiSchema.parse({ action: 'report' }))(row));
    expect(same).toBe(row);
    expect(counts?.get('email')).toBe(3);
  });
});

const pseudonyms = (secret: string) => {
  const step = createPiiStep(piiSchema.parse({ action: 'pseudonym' }), secret);
  return (input: string): string => kept(step<PiiRow>({ input, output: '' })).row.input;
};

describe('pseudonyms', () => {
  const of = pseudonyms(key);

  it('are the same for the same value, however it is written', () => {
    expect(of('anna@example.com')).toMatch(/^email-[0-9a-f]{12}$/u);
    expect(of('Anna@Example.com')).toBe(of('anna@example.com'));
    expect(of('+44 20 7946 0018')).toBe(of('(020) 7946 0018'));
    expect(of('GB82 WEST 1234 5698 7654 32')).toBe(of('gb82west12345698765432'));
    expect(of('4111 1111 1111 1111')).toBe(of('4111-1111-1111-1111'));
    expect(of('2001:4860:4860::8888')).toBe(of('2001:4860:4860:0:0:0:0:8888'));
    expect(of('anna@example.com')).not.toBe(of('anne@example.com'));
  });

  it('are others with another key, and never hold the key or the value', () => {
    expect(of('anna@example.com')).not.toBe(pseudonyms(`${key}.`)('anna@example.com'));
    expect(of(`anna@example.com ${key}`).replace(key, '')).not.toMatch(/anna|example|secret/u);
  });

  it.each([
    [undefined, 'CONTENDER_PII_KEY is not set'],
    ['', 'CONTENDER_PII_KEY is not set'],
    ['short', 'has fewer than 16 characters'],
  ])('need a secret: %j is refused', (secret, message) => {
    const make = (): unknown => createPiiStep(piiSchema.parse({ action: 'pseudonym' }), secret);
    expect(make).toThrow(BadInput);
    expect(make).toThrow(message);
  });
});

it('refuses a region without telephone numbers', () => {
  expect(() => createPiiStep(piiSchema.parse({ phone_regions: ['XX'] }))).toThrow(
    'XX is no country with telephone numbers',
  );
});
