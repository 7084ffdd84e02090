import type { ScaffoldResult } from '../actions/stack-outcome.js';
import type { Paint } from './paint.js';

export function renderScaffold({ directory, files, native, missing, command }: ScaffoldResult, paint: Paint): string {
  return [
    ...(native === null ? [] : [paint.held(native), '']),
    ...files.map((file) => paint.added(`  + ${directory}/${file}`)),
    '',
    ...(missing.length > 0 ? [`To fill in, in parameters.json: ${missing.join(', ')}`] : []),
    `Next: ${command}`,
  ].join('\n');
}
