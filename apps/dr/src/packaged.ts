// Is this the package that `npm run package` makes? Then there is no project around it: no dr.config.ts, and nothing to synthesize with.
/** scripts/package.mjs defines it. */
declare const DR_PACKAGED: true | undefined;

export const PACKAGED = typeof DR_PACKAGED !== 'undefined';

/** How a command of this tool is typed: in a clone of the project, or where the package is installed. */
export const CALL = PACKAGED ? 'dr' : 'npm run -s dr --';
