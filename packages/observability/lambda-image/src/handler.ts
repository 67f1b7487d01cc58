import { echo } from '@stackyard/echo';
import { withLogger } from '@stackyard/handler-kit/logger';

/** Logs the lines of a request, and answers how many there were. */
export const handler = withLogger(echo);
