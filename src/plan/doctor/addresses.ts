import { interfaceDescription, ownAddresses, pathOfArn } from '../addresses.js';
import type { Address } from '../model.js';
import type { NlbFacts } from './facts.js';

/** All private addresses of the NLB's nodes; none where they could not be read. */
export const nlbAddressesOf = ({ loadBalancer, interfaces }: NlbFacts): readonly Address[] =>
  ownAddresses(interfaceDescription(pathOfArn(loadBalancer.arn)), interfaces ?? []).addresses;
