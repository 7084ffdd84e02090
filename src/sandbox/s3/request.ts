/** A request of S3's as the other services word theirs: by method and path, `PUT /bucket/key`. */
export function s3Request(method: string, path: string, body: string): { action: string; form: string } {
  const [Bucket = '', ...rest] = path.slice(1).split('/').map(decodeURIComponent);
  const Key = rest.join('/');
  const what = Key === '' ? 'Bucket' : 'Object';
  const verb = { PUT: Key === '' ? 'Create' : 'Put', DELETE: 'Delete', GET: 'Get', HEAD: 'Head' }[method] ?? method;
  const form = new URLSearchParams({ Bucket, ...(Key === '' ? {} : { Key, Body: body }) });
  return { action: `${verb}${what}`, form: form.toString() };
}
