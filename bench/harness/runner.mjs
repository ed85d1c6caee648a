// Runs the cases of a row in turn, so that what slows the machine for a while slows all sides.
import { figuresIn } from './context.mjs';

/** Each turn begins with another side. */
const rotated = (names, turn) => [...names.slice(turn % names.length), ...names.slice(0, turn % names.length)];

/** As results keep them: `[{ name, sides: [{ name, runs }] }]`. */
export async function runCases(cases, turns, tell) {
  const all = cases.map(({ name, sides }) => ({ name, sides: sides.map((side) => ({ name: side, runs: [] })) }));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [at, one] of cases.entries()) {
      tell(`turn ${turn + 1} of ${turns}${one.name === '' ? '' : `, ${one.name}`}`);
      const figures = await one.run(rotated(one.sides, turn));
      for (const side of all[at].sides) side.runs.push(figuresIn(figures[side.name]));
    }
  }
  return all;
}

/** What is judged in each case, at two commits: `[{ name, head, base }]`. A case of one of them alone is left out. */
export async function runPairs(heads, bases, turns, tell) {
  const both = heads.flatMap((head) => {
    const base = bases.find(({ name }) => name === head.name);
    return base ? [{ name: head.name, head, base }] : [];
  });
  const pairs = both.map(({ name }) => ({ name, head: { name: 'head', runs: [] }, base: { name: 'base', runs: [] } }));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [at, one] of both.entries()) {
      tell(`turn ${turn + 1} of ${turns}${one.name === '' ? '' : `, ${one.name}`}`);
      for (const which of rotated(['head', 'base'], turn)) {
        const [subject] = one[which].sides;
        const figures = await one[which].run([subject]);
        pairs[at][which].runs.push(figuresIn(figures[subject]));
      }
    }
  }
  return pairs;
}
