// The fields of a record by name.

/**
 * An object whose prototype is empty and has no prototype: a column may be called `__proto__` or `constructor`, and a
 * field that is not there is undefined. Unlike Object.create(null) it has a hidden class, which makes reading fast.
 */
export class Fields {
  [name: string]: unknown;
}
Reflect.deleteProperty(Fields.prototype, 'constructor');
Object.setPrototypeOf(Fields.prototype, null);
