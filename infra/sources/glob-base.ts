// The part of a glob that is a plain folder.

/** `base` ends with a slash or is empty; `pattern` is undefined when there is nothing to match. Slashes separate. */
export function globBase(path: string): { base: string; pattern: string | undefined } {
  const magic = path.search(/[*?[{]/u);
  if (magic === -1) {
    return { base: path, pattern: undefined };
  }
  const end = path.lastIndexOf('/', magic) + 1;
  return { base: path.slice(0, end), pattern: path.slice(end) };
}
