import type { TestProject } from 'vitest/node';
import { dataFolder, emptyFolder, removeFolder, startLuodi } from './luodi';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of a server that no file may change. */
    url: string;
    /** A data folder with the sample park, for dataFolder. */
    sample: string;
  }
}

/** The sample park, made once, and one server for all files that only read; who changes land starts their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const sample = await emptyFolder();
  await (await startLuodi(sample)).stop();
  const data = await dataFolder(sample);
  const luodi = await startLuodi(data);
  project.provide('url', luodi.url);
  project.provide('sample', sample);
  return async () => {
    await luodi.stop();
    await removeFolder(data);
    await removeFolder(sample);
  };
}
