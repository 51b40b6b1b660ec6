/** What every gRPC channel to Google Cloud has. */

/**
 * Bytes of one message, decompressed: a page of 100,000 points has some 6 MB, and a listing of metadata more. The client's own
 * default is no limit.
 */
const MAX_MESSAGE_BYTES = 64 * 2 ** 20;

/** Options for a client of Google Cloud. */
export const CHANNEL = { 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES };
