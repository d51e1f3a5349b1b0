/** Form fields with nested names, such as `address[city]` and `list[0][name]`, as Stripe reads them. */
export interface Fields {
  [name: string]: string | Fields;
}

/** Undefined for a name that cannot be read, and for one that is a value and an object at once. */
export function parseForm(text: string): Fields | undefined {
  const fields: Fields = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = keysOf(name);
    if (keys === undefined || !put(fields, keys, value)) return undefined;
  }
  return fields;
}

function keysOf(name: string): readonly string[] | undefined {
  if (!/^[^[\]]+(\[[^[\]]*\])*$/.test(name)) return undefined;
  return name.replaceAll(']', '').split('[');
}

function put(fields: Fields, [key = '', ...rest]: readonly string[], value: string): boolean {
  // `list[]` takes the next free place.
  const place = key === '' ? String(Object.keys(fields).length) : key;
  if (place === '__proto__') return false;
  const inner = Object.hasOwn(fields, place) ? fields[place] : undefined;
  if (rest.length === 0) {
    if (typeof inner === 'object') return false;
    fields[place] = value;
    return true;
  }
  if (typeof inner === 'string') return false;
  const nested = inner ?? {};
  fields[place] = nested;
  return put(nested, rest, value);
}
