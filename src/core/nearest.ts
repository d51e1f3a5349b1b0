/** ` (did you mean "email"?)` when one of the candidates is close to what was written, else nothing. */
export function nearest(written: string, candidates: readonly string[]): string {
  let best: string | undefined;
  // Two letters or a third of them may be wrong, but never all; more is a guess.
  let bestDistance = Math.min(Math.max(2, Math.floor(written.length / 3)), written.length - 1) + 1;
  const nested = candidates.find((candidate) => candidate.endsWith(`.${written}`));
  if (nested !== undefined) return ` (did you mean "${nested}"?)`;
  for (const candidate of candidates) {
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === undefined ? '' : ` (did you mean "${best}"?)`;
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 100) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      current.push(
        Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + cost),
      );
    }
    previous = current;
  }
  return previous[b.length] ?? limit;
}
