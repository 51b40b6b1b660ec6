/** Whose samples are received on this machine. */
export const LOCAL = { tenant: 'local', account: 'local' } as const;
