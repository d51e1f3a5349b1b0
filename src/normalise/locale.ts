import { countryCodes } from '../../schemas/countries.js';
import { type Reading, remembering, textReader } from './reading.js';

/** Reads a language tag, also as POSIX (`pt_BR.UTF-8`) and Java (`pt_BR`) write it. */
export const readLocale = remembering(
  textReader((text): Reading => {
    const tag = canonical(text.replace(/(?:\.[\w-]+)?(?:@euro)?$/i, '').replaceAll('_', '-'));
    if (tag === undefined || !isLanguage(tag)) return { unreadable: 'is not a BCP 47 language tag' };
    if (isCountryRather(text, tag)) return { unreadable: 'may be a country as well as a language' };
    return tag === text ? undefined : { to: tag, message: 'written as a BCP 47 language tag' };
  }),
);

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

let languageNames: Intl.DisplayNames | undefined;

/** Well-formed is not enough: `english` and the country code `us` are well-formed tags of no language. */
function isLanguage(tag: string): boolean {
  const language = tag.split('-', 1)[0] ?? '';
  if (language.length !== 2) return language.length < 4;
  languageNames ??= new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  return languageNames.of(language) !== undefined;
}

/** `BR` is Breton or Brazil, `USA` is Usarufa or the country, but `DE` is German or Germany, which comes to the same. */
function isCountryRather(text: string, tag: string): boolean {
  if (/^[A-Z]{3}$/.test(text)) return tag.length === 3;
  return countryCodes.has(text) && new Intl.Locale(`und-${text}`).maximize().language !== tag;
}
