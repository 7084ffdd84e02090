/** What may never reach a terminal: control characters but the line feed, and what turns the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unfit = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

export function isFitForATerminal(text: string): void {
  const found = unfit.exec(text);
  if (found) throw new Error(`U+${found[0].charCodeAt(0).toString(16)} in ${JSON.stringify(text.slice(0, 300))}`);
}

export function holdsNoSecret(text: string, secrets: readonly string[]): void {
  const found = secrets.find((secret) => text.includes(secret));
  if (found !== undefined) throw new Error(`a secret in ${JSON.stringify(text.slice(0, 300))}`);
}
