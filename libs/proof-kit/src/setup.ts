import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerStandIn, launchCloud } from '@stackyard/local-cloud';
import type { TestProject } from 'vitest/node';
import './config.ts';
import { bootstrap, deploy } from './deploy.ts';

/**
 * Before the proofs of a pattern: a fresh embedded cloud with the needed stacks deployed by the CDK CLI.
 *
 * With `STACKYARD_TARGET=aws` nothing is started or deployed: the proofs then run against the stacks that stand in the
 * account of the developer's own credentials.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env['STACKYARD_TARGET'] === 'aws') return undefined;
  const cloud = await launchCloud();
  // Images of an earlier run would let a proof pass whose build no longer works.
  const images = await mkdtemp(join(tmpdir(), 'stackyard-images-'));
  const environment = { ...cloud.environment, CDK_DOCKER: dockerStandIn, STACKYARD_IMAGE_STORE: images };
  const stop = async () => {
    await cloud.stop();
    await rm(images, { recursive: true, force: true });
  };
  try {
    await bootstrap(environment);
    for (const assembly of project.getProvidedContext().assemblies) await deploy(assembly, environment);
  } catch (error) {
    await stop();
    throw error;
  }
  Object.assign(process.env, cloud.environment);
  return stop;
}
