// The world of a game day, as this process has it.
import { createInterface } from 'node:readline/promises';
import type { GameDayWorld } from '../operate/gameday/ports';
import { gameDayAws } from './game-day-aws';
import { network } from './game-day-network';
import type { Interruptions } from './interruptions';

const AWS_HOSTS = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/;

export function gameDayWorld(interruptions: Interruptions): GameDayWorld {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const emulatedAt = endpoint && !AWS_HOSTS.test(hostOf(endpoint)) ? endpoint : undefined;
  return {
    aws: gameDayAws,
    emulatedAt,
    network: (options) => network(options, emulatedAt !== undefined),
    canAsk: process.stdin.isTTY === true,
    confirm: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return (await lines.question(question)).trim().toLowerCase() === 'yes';
      } finally {
        lines.close();
      }
    },
    holdInterruptions: () => interruptions.hold(),
  };
}

function hostOf(endpoint: string): string {
  try {
    return new URL(endpoint).hostname;
  } catch {
    return endpoint;
  }
}
