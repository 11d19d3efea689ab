// A UUID is tried first, so that its digits are never taken for a card's.
const CANDIDATES =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<!\d)[2-6](?:[ -]?\d){12,18}(?!\d)/gi;

/**
 * Puts `*` for the digits of anything that looks like a card number: 13 to 19 digits whose check
 * digit fits. Length and surroundings stay, so that the text can still be read. `known` is no card's.
 */
export function maskCardDigits(text: string, known: string | null = null): string {
  return text.replace(CANDIDATES, (candidate) =>
    candidate !== known && fitsCheckDigit(candidate) ? candidate.replace(/\d/g, '*') : candidate,
  );
}

/** Luhn's sum over a text of digits, spaces and dashes; false with anything else in it. */
function fitsCheckDigit(candidate: string): boolean {
  if (/[^\d -]/.test(candidate) || candidate.length === 36) return false;
  const digits = candidate.replace(/\D/g, '').split('').map(Number).reverse();
  const sum = digits.reduce((total, digit, index) => {
    const weighted = index % 2 === 0 ? digit : digit * 2;
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return sum % 10 === 0;
}
