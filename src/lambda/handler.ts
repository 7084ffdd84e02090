import { createHandler } from './create-handler.js';

/** The function of a stack whose security groups are opened by the template. */
export const handler = createHandler(null);
