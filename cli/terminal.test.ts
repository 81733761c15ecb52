import { afterEach, describe, expect, it, vi } from 'vitest';
import { clean, createTerminal } from './terminal.ts';

const colour = '\u001B[31mred\u001B[39m';

describe('text from elsewhere', () => {
  it.each([
    ['window titles', 'a\u001B]0;title\u0007b', 'a]0;titleb'],
    ['cursor movement', 'a\u001B[2Jb', 'a[2Jb'],
    ['one-byte control sequences', 'a\u009B2Jb', 'a2Jb'],
    ['carriage returns that overwrite a line', 'failed\rdone', 'faileddone'],
    ['backspaces', 'a\bb', 'ab'],
  ])('loses %s', (_name, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('keeps colours, tabs, line feeds and letters of all scripts', () => {
    const text = `${colour}\tä 漢 🚀\n`;
    expect(clean(text)).toBe(text);
  });
});

describe('a terminal that is none', () => {
  const written: string[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    written.length = 0;
  });
  function capture(): void {
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        written.push(`${stream === process.stdout ? 'out' : 'err'}:${String(chunk)}`);
        return true;
      });
    }
  }

  it('gets no colours', () => {
    const { colors, interactive } = createTerminal({ json: false });
    expect(interactive).toBe(false);
    expect(colors.red('x')).toBe('x');
  });

  it('gets results without colours and control characters, even when somebody made them', () => {
    capture();
    createTerminal({ json: false }).result(`${colour}\u0007`);
    expect(written).toEqual(['out:red\n']);
  });

  it('keeps remarks from stdout, and with --json keeps them to itself', () => {
    capture();
    createTerminal({ json: false }).say('curating');
    createTerminal({ json: true }).say('curating');
    expect(written).toEqual(['err:curating\n']);
  });

  it('passes JSON on as it is', () => {
    capture();
    createTerminal({ json: true }).result('{"text":"\u0085"}');
    expect(written).toEqual(['out:{"text":"\u0085"}\n']);
  });
});
