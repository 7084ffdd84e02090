import { attachmentFindings } from './attachment.js';
import { attributeFindings } from './attributes.js';
import { capacityFindings } from './capacity.js';
import type { DoctorFacts } from './facts.js';
import { type Finding, type Found, inOrder } from './findings.js';
import { groupFindings } from './group.js';
import { healthFindings } from './health-check.js';
import { registrationFindings } from './registration.js';
import { securityFindings } from './security.js';
import { setupFindings } from './setup.js';
import { zoneFindings } from './zones.js';

const checks: readonly ((facts: DoctorFacts) => readonly Found[])[] = [
  groupFindings,
  registrationFindings,
  attachmentFindings,
  healthFindings,
  attributeFindings,
  zoneFindings,
  securityFindings,
  capacityFindings,
  setupFindings,
];

/** Everything that is wrong, or may become so, with a bridge. Each check sees all the facts and knows no other check. */
export const diagnose = (facts: DoctorFacts): Finding[] => inOrder(checks.flatMap((check) => check(facts)));
