/** Votes as they leave the program: each with its reason as a sentence. */
import * as z from 'zod';
import { EVALUATORS } from './vote.ts';

/** Characters of the sentence: it may have the name of a consumer in it. */
export const VOTE_MESSAGE_LENGTH = 300;

/** Names of evaluators and reasons are any text: what waits in an outbox may be older, or newer, than its reader. */
const writtenVoteSchema = z
  .strictObject({
    evaluator: z.string().max(64),
    /** By this evaluator alone, in [0, 1]. */
    confidence: z.number(),
    /** What it adds to the log-odds of the verdict, its weight included; of `statistical` what the others are added to. */
    logOdds: z.number(),
    /** In [0, 1]: less than 1 where labels of the tenant took some of it. */
    weight: z.number(),
    /** As a code, and in words. */
    reason: z.string().max(64),
    message: z.string().max(VOTE_MESSAGE_LENGTH),
  })
  .readonly();

/** The host's own curve first. */
export const writtenVotesSchema = z.array(writtenVoteSchema).max(EVALUATORS.length).readonly();

/** The evaluator without whose vote the verdict would be another. */
export const decidedBySchema = z.string().max(64);

export type WrittenVote = z.output<typeof writtenVoteSchema>;
