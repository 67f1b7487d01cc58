import { echoShape } from '@stackyard/echo/demo';

export const shape = echoShape('Lambda, zip + extension layer', 'lambda-zip');
