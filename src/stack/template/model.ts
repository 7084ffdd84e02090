/** A CloudFormation template as data. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Metadata: Properties;
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Output>>;
}

export interface Parameter {
  readonly Type: string;
  readonly Description: string;
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly (string | number)[];
  readonly ConstraintDescription?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

export interface Resource {
  readonly Type: string;
  /** Only what no reference implies, and what the order of a tear-down needs. */
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: 'Delete' | 'Retain';
  readonly UpdateReplacePolicy?: 'Delete' | 'Retain';
  readonly Metadata?: Properties;
  readonly Properties: Properties;
}

export interface Output {
  readonly Description: string;
  readonly Value: Value;
}

export type Value = string | number | boolean | readonly Value[] | Properties;
export interface Properties {
  readonly [name: string]: Value;
}

/** A part of the template that is explained by one comment. */
export interface Section {
  readonly comment: string;
  readonly resources: Readonly<Record<string, Resource>>;
}

export const ref = (name: string): Properties => ({ Ref: name });
export const get = (name: string, attribute: string): Properties => ({ 'Fn::GetAtt': [name, attribute] });
export const sub = (text: string): Properties => ({ 'Fn::Sub': text });
