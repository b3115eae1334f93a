/** The text with one other character, near its end: the very last of base64 may say nothing. */
export const altered = (text) => text.slice(0, -3) + (text.at(-3) === 'a' ? 'b' : 'a') + text.slice(-2);
