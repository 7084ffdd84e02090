/** What the simulated S3 knows: plain data, no behaviour. */
export interface Bucket {
  name: string;
  ownerId: string;
  /** Key -> text. */
  objects: Map<string, string>;
}
