import { createHandler } from './create-handler.js';
import { openGroups } from './groups.js';

/** The function of a stack that has to open the ALB's security group itself. */
export const handler = createHandler(openGroups);
