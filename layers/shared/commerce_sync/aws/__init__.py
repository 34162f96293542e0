"""DynamoDB, SQS, S3 and Secrets Manager, through botocore clients."""
