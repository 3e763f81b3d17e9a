// A whole adapter: it knows votes, as far as every share converts one for one, and says what it does not know.
import { createInterface } from "node:readline";

const VOTES = { common: 1n, A: 10n, B: 14n, C: 14n, D: 14n, E: 14n, F: 14n };
const CAN = { name: "votes in Node.js", questions: ["votes"], readings: {}, events: [], fields: ["by_holder.*"] };

function answer({ position }) {
  if (Object.keys(position).some((name) => !["holdings", "as_of"].includes(name)))
    return { status: "skipped", reason: "it knows initial conversion prices only" };
  const votes = {};
  for (const { holder, class: stock, shares } of position.holdings)
    votes[holder] = (votes[holder] ?? 0n) + VOTES[stock] * BigInt(shares);
  const by_holder = Object.fromEntries(Object.entries(votes).map(([holder, own]) => [holder, String(own)]));
  return { status: "answered", answer: { by_holder } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const reply = asked.case === "capabilities" ? { status: "answered", answer: CAN } : answer(asked);
  console.log(JSON.stringify({ case: asked.case, ...reply }));
}
