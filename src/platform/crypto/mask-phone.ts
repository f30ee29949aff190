/** `138****5678`: what pages, messages and logs show of a phone number. Short ones keep their last two digits. */
export function maskPhone(phone: string): string {
  if (phone.length < 8) return `****${phone.slice(-2)}`;
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}
