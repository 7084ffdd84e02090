/**
 * Descriptions, names and error texts come from whoever may write them in AWS. Control characters in them could rewrite
 * what a terminal shows, so none is let through; JSON escapes them by itself.
 */
export const safeText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

/** Every text of a result, made safe; its shape stays, and whatever was safe already stays the very same. */
export function safe<T>(value: T): T {
  if (typeof value === 'string') return safeText(value) as T;
  if (value === null || typeof value !== 'object') return value;
  let copy = value;
  for (const key of Object.keys(value) as (keyof T & string)[]) {
    const entry = safe(value[key]);
    if (entry === value[key]) continue;
    if (copy === value) copy = (Array.isArray(value) ? [...value] : { ...value }) as T & object;
    copy[key] = entry;
  }
  return copy;
}
