import type { TestProject } from 'vitest/node';
import { dataFolder, removeFolder, startLuodi } from './luodi';

declare module 'vitest' {
  export interface ProvidedContext {
    url: string;
  }
}

/** One server for all files; who kills a server starts their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data = await dataFolder();
  const luodi = await startLuodi(data);
  project.provide('url', luodi.url);
  return async () => {
    await luodi.stop();
    await removeFolder(data);
  };
}
