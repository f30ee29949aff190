/** README.txt of every backup: for somebody who has the file and the key, and not this program. */
export const readme = `手机零售 ERP 备份文件
====================
1. 解密：  age -d -i 密钥文件 -o backup.zip 备份.zip.age   （用口令加密的：age -d -o backup.zip 备份.zip.age）
2. 解包：  unzip -q backup.zip -d backup && cd backup
3. 校验：  sha256sum -c SHA256SUMS
4. 查看：  zstd -dc tables/sale/*.zst | less
每个表一个文件夹；每个文件第一行是列名，其余每行一条记录（JSON 数组）。金额单位是分，时间是 1970-01-01 UTC
起的毫秒数。backup.json 说明版本和各表的列，manifest.json 列出行数、合计和校验值。
恢复：  phone-erp restore 备份文件 --to 数据库地址

A backup of Phone Retail ERP
============================
1. Decrypt:  age -d -i KEYFILE -o backup.zip BACKUP.zip.age   (made with a passphrase: age -d -o backup.zip BACKUP.zip.age)
2. Unpack:   unzip -q backup.zip -d backup && cd backup
3. Check:    sha256sum -c SHA256SUMS
4. Look:     zstd -dc tables/sale/*.zst | less
One folder a table; the first line of each file names the columns, every other line is one record (a JSON array).
Amounts are in fen (1/100 yuan), instants in milliseconds since 1970-01-01 UTC. backup.json tells version and columns,
manifest.json counts, sums and checksums.
Restore:     phone-erp restore BACKUP --to DATABASE-URL
`;
