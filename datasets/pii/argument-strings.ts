// The strings within the arguments of tool calls, which the shapes keep to a bounded depth.

/** Adds every string value, in the order of the members. Names of members are the schema's and stay. */
export function collectStrings(value: unknown, into: string[]): void {
  if (typeof value === 'string') {
    into.push(value);
  } else if (Array.isArray(value)) {
    for (const item of value) {
      collectStrings(item, into);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) {
      collectStrings(member, into);
    }
  }
}

/** The same value with other strings, taken in that order. */
export function withStrings(value: unknown, take: () => string): unknown {
  if (typeof value === 'string') {
    return take();
  }
  if (Array.isArray(value)) {
    return value.map((item) => withStrings(item, take));
  }
  if (typeof value === 'object' && value !== null) {
    // fromEntries defines members, so that one called __proto__ stays a member.
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withStrings(member, take)]));
  }
  return value;
}
