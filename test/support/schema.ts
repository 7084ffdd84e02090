import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

const folder = new URL('../../schemas/', import.meta.url);
const known = new Map<string, ValidateFunction>();

/** Throws where a document is not what the published schema of its command says. */
export function checkDocument(document: { command: string; result: unknown }): void {
  check('envelope', document);
  if (document.result !== null) check(document.command.replaceAll(' ', '-'), document.result);
}

function check(name: string, value: unknown): void {
  const validate = known.get(name) ?? compile(name);
  known.set(name, validate);
  if (!validate(value)) throw new Error(`not a valid ${name}: ${JSON.stringify(validate.errors, null, 2)}`);
}

function compile(name: string): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: true });
  ajv.addSchema(read('types'));
  return ajv.compile(read(name));
}

const read = (name: string): object => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
