# Orders of a shop, in two regions: a function behind a load balancer in each, and one table that is in both.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.100" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"
}

resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "pk"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "pk"
    type = "S"
  }

  replica {
    region_name = "eu-central-1"
  }
}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem"]
      Resource = "arn:aws:dynamodb:*:*:table/orders"
    }]
  })
}

resource "aws_route53_zone" "shop" {
  name = "shop.example"
}

module "ireland" {
  source          = "./region"
  region          = "eu-west-1"
  role_arn        = aws_iam_role.orders.arn
  table           = aws_dynamodb_table.orders.name
  zone_id         = aws_route53_zone.shop.zone_id
  subnets         = ["subnet-0a1a1a1a1a1a1a1a1", "subnet-0a2a2a2a2a2a2a2a2"]
  security_group  = "sg-0a1a1a1a1a1a1a1a1"
  certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
}

module "frankfurt" {
  source          = "./region"
  providers       = { aws = aws.frankfurt }
  region          = "eu-central-1"
  role_arn        = aws_iam_role.orders.arn
  table           = aws_dynamodb_table.orders.name
  zone_id         = aws_route53_zone.shop.zone_id
  subnets         = ["subnet-0b1b1b1b1b1b1b1b1", "subnet-0b2b2b2b2b2b2b2b2"]
  security_group  = "sg-0b1b1b1b1b1b1b1b1"
  certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/22222222-2222-2222-2222-222222222222"
}
