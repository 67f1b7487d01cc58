import { echoShape } from '@stackyard/echo/demo';

export const shape = echoShape('Lambda, container image + extension', 'lambda-image');
