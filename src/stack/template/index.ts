import type { StackOptions } from '../options.js';
import { alarmSection } from './alarms.js';
import { apiSections } from './api.js';
import { bridgeSection, eventsSection, functionSection, scheduleSection } from './function.js';
import { backendSections, loadBalancerSections } from './load-balancers.js';
import type { Section, Template } from './model.js';
import { opensGroupItself } from './names.js';
import { outputsOf } from './outputs.js';
import { settingsOf } from './parameters.js';

export type { Template } from './model.js';

/**
 * The template of a stack.
 * @param code the function's code, as the build packs it: see `codeFileOf`
 */
export function templateOf(options: StackOptions, code: string): Template {
  const sections = sectionsOf(options, code);
  const settings = Object.entries(settingsOf(options));
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: describe(options),
    Metadata: { lbbridge: { kind: options.kind } },
    Parameters: Object.fromEntries(settings.map(([name, { parameter }]) => [name, parameter])),
    Resources: Object.assign({}, ...sections.map(({ resources }) => resources)),
    Outputs: outputsOf(options),
  };
}

/** The parameters whose values the options tell. */
export function parametersOf(options: StackOptions): Readonly<Record<string, string>> {
  const known = Object.entries(settingsOf(options)).flatMap(([name, { value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(known);
}

/** The parameters that neither the options nor a default gives a value. */
export const parametersToFill = (options: StackOptions): string[] =>
  Object.entries(settingsOf(options)).flatMap(([name, { parameter, value }]) =>
    value === undefined && parameter.Default === undefined ? [name] : [],
  );

/** The file of the build that holds the function of such a stack. */
export const codeFileOf = (options: StackOptions): string =>
  opensGroupItself(options) ? 'function-with-groups.js' : 'function.js';

/** The parts of the template in the order in which they read best: the way of a request, then what keeps it true. */
export function sectionsOf(options: StackOptions, code: string): Section[] {
  const sync = functionSection(options, code);
  if (options.kind === 'fleet') return [sync, ...runs(options, []), ...alarmSection(options)];
  const way = loadBalancerSections(options);
  const backend = backendSections(options);
  // The custom resource waits for all that traffic and the function need. What it refers to is waited for anyway.
  const referred = [
    'SyncFunction',
    'Alb',
    'NlbTargetGroup',
    ...(opensGroupItself(options) ? ['AlbSecurityGroup'] : []),
  ];
  const standing = [...way, ...backend, sync].flatMap(({ resources }) => Object.keys(resources));
  return [
    ...way,
    sync,
    ...runs(options, ['Bridge']),
    bridgeSection(
      options,
      standing.filter((name) => !referred.includes(name)),
    ),
    ...apiSections(options),
    ...backend,
    ...alarmSection(options),
  ];
}

/** What starts the function, once `after` stands; in a tear-down it goes before that. */
const runs = ({ events }: StackOptions, after: readonly string[]): Section[] => [
  scheduleSection(after),
  ...(events ? [eventsSection(after)] : []),
];

function describe(options: StackOptions): string {
  if (options.kind === 'fleet') {
    return "lbbridge: the function that keeps every NLB target group with the tag lbbridge:source filled with its ALB's addresses";
  }
  return options.front.kind === 'target-group' && options.back.kind === 'alb'
    ? "lbbridge: the function that keeps an NLB's target group filled with the addresses of an ALB"
    : 'lbbridge: an NLB in front of an ALB, and the function that keeps the one pointing at the other';
}
