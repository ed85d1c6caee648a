// The player as the build made it: see scripts/bundle.mjs.
declare module 'player:assets' {
  export const script: string;
  export const style: string;
}
