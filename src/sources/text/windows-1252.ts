/**
 * Where Windows-1252 differs from Latin-1: the bytes 0x80 to 0x9F (WHATWG Encoding Standard). `TextDecoder` is not used
 * because it takes the one for the other in Node 22.13 and its neighbours (nodejs/node#56542).
 */
const specials = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

export function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (character) => specials[character.charCodeAt(0) - 0x80] ?? character);
}
