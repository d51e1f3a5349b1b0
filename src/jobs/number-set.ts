/** A set of small numbers: one bit each, whatever is in it. */
export interface NumberSet {
  /** Answers whether it was new. */
  add(number: number): boolean;
  has(number: number): boolean;
}

export function createNumberSet(): NumberSet {
  let bits = new Uint8Array(1024);
  const has = (number: number) => ((bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  return {
    has,
    add(number) {
      if (has(number)) return false;
      const place = number >> 3;
      if (place >= bits.length) {
        const larger = new Uint8Array(Math.max(bits.length * 2, place + 1));
        larger.set(bits);
        bits = larger;
      }
      bits[place] = (bits[place] ?? 0) | (1 << (number & 7));
      return true;
    },
  };
}
