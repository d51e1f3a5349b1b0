/** Letters that no accent can be taken off. */
const plainLetters: Readonly<Record<string, string>> = {
  ı: 'i',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

/**
 * What a country's name is looked up by: lower case, without accents of Latin, Greek and Cyrillic letters (in other
 * scripts the marks are vowels), without dots, articles and abbreviations, `Iran, Islamic Republic of` the right way round.
 */
export function nameKey(name: string): string {
  return rightWayRound(name)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[ıøłđðßæœþ]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/[.'\u2019\u02bc`\u00b4]/g, '')
    .replaceAll('&', ' and ')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '' && word !== 'the')
    .map((word) => (word === 'st' ? 'saint' : word))
    .join(' ');
}

function rightWayRound(name: string): string {
  const parts = name.split(',');
  return parts.length === 2 ? `${parts[1]} ${parts[0]}` : name;
}
