/** A probability, which is never rounded to certainty. */
export function percent(probability) {
  const rounded = Math.round(probability * 100);
  if (rounded === 100 && probability < 1) return ">99%";
  if (rounded === 0 && probability > 0) return "<1%";
  return `${rounded}%`;
}
