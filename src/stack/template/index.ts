import type { StackOptions } from '../options.js';
import { loadBalancerSections } from './load-balancers.js';
import type { Resource, Section, Template } from './model.js';

export type { Template } from './model.js';

/**
 * The template of a stack.
 * @param code the function's code, as the build packs it (`dist/function.js`)
 */
export function templateOf(options: StackOptions, code: string): Template {
  const resources: Record<string, Resource> = {};
  for (const section of sectionsOf(options, code)) Object.assign(resources, section.resources);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'lbbridge',
    Metadata: {},
    Parameters: {},
    Resources: resources,
    Outputs: {},
  };
}

const sectionsOf = (options: StackOptions, _code: string): Section[] =>
  options.kind === 'bridge' ? loadBalancerSections(options) : [];

/** The parameters whose values the options tell; the others have defaults or are to be filled in. */
export function parametersOf(options: StackOptions): Readonly<Record<string, string>> {
  return options.kind === 'fleet' ? {} : { ...(options.vpcId === undefined ? {} : { VpcId: options.vpcId }) };
}
