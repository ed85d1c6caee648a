// Our own system on its twin: apart from the rest of the project's world, as most commands on an applied system start none.
export { startOurs } from '@dr/drills';
