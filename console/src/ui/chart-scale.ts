/** The end of an axis that holds `most`: 1, 2, 4, 5 or 8 times a power of ten, so that its half is a short number too. */
export function axisEnd(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return (([1, 2, 4, 5, 8].find((step) => step * power >= most) ?? 10) * power);
}
