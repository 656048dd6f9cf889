// Scores of a run against judgements: nDCG@10, MRR@10, success@10, recall@100 and MAP@100, as trec_eval
// defines them, each the mean over all questions that have a relevant document. A question without an
// answer counts 0; nothing is left out.
//
// relevant: Map of question -> Map of document -> grade (above 0)
// answers:  Map of question -> array of documents, best first; what lies beyond the hundredth is not looked at

export const MEASURES = ['nDCG@10', 'MRR@10', 'success@10', 'recall@100', 'MAP'];

const gain = (grades) => grades.reduce((sum, grade, place) => sum + grade / Math.log2(place + 2), 0);

// The place (from 1) of the first relevant document, 0 when none is among the first `depth`.
export function firstRelevant(grades, found, depth = 100) {
  return found.slice(0, depth).findIndex((document) => grades.has(document)) + 1;
}

function averagePrecision(grades, found) {
  let hits = 0;
  const sum = found.reduce((total, document, place) => (grades.has(document) ? total + ++hits / (place + 1) : total), 0);
  return sum / grades.size;
}

function scoreOne(grades, found) {
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, 10);
  const ten = found.slice(0, 10);
  const hundred = found.slice(0, 100);
  const first = firstRelevant(grades, ten);
  return {
    'nDCG@10': gain(ten.map((document) => grades.get(document) ?? 0)) / gain(best),
    'MRR@10': first ? 1 / first : 0,
    'success@10': first ? 1 : 0,
    'recall@100': hundred.filter((document) => grades.has(document)).length / grades.size,
    MAP: averagePrecision(grades, hundred),
  };
}

// An object with the mean of each measure; NaN when there is nothing to judge.
export function score(relevant, answers) {
  const sums = Object.fromEntries(MEASURES.map((measure) => [measure, 0]));
  for (const [question, grades] of relevant) {
    const one = scoreOne(grades, answers.get(question) ?? []);
    for (const measure of MEASURES) sums[measure] += one[measure];
  }
  return Object.fromEntries(MEASURES.map((measure) => [measure, sums[measure] / relevant.size]));
}
