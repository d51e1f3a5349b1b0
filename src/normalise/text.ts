import { type Reading, textReader } from './reading.js';

/** Reads free text: names, lines of an address, metadata. */
export const readText = textReader((text): Reading => {
  const composed = compose(text);
  return composed === text ? undefined : { to: composed, message: 'written in composed Unicode (NFC)' };
});

/** No character below U+0300 changes under NFC. */
const mayCompose = /[\u0300-\uffff]/;

/** NFC would replace these ideographs by their unified form, and a name may be registered with just this one. */
const outsideCompatibilityIdeographs = /[^\uf900-\ufaff\u{2f800}-\u{2fa1f}]+/gu;

function compose(text: string): string {
  if (!mayCompose.test(text)) return text;
  return text.replace(outsideCompatibilityIdeographs, (part) => part.normalize('NFC'));
}
