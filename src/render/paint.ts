/** How a renderer colours words. Without colour every function gives its text back. */
export interface Paint {
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly held: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

const asIs = (text: string): string => text;

export const plain: Paint = { added: asIs, removed: asIs, held: asIs, faint: asIs, strong: asIs };

/** Loads chalk only where there is something to colour. */
export async function colored(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const { green, red, yellow, dim, bold } = new Chalk({ level: 1 });
  return { added: green, removed: red, held: yellow, faint: dim, strong: bold };
}
