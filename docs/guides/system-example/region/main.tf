# One region: clients -> orders.shop.example -> load balancer -> function.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "region" { type = string }
variable "role_arn" { type = string }
variable "table" { type = string }
variable "zone_id" { type = string }
variable "subnets" { type = list(string) }
variable "security_group" { type = string }
variable "certificate_arn" { type = string }

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = var.role_arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "orders.zip"
  timeout       = 5
  memory_size   = 256

  environment {
    variables = { TABLE = var.table }
  }
}

resource "aws_lambda_permission" "balancer" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.orders.arn
}

resource "aws_lb_target_group" "orders" {
  name        = "orders"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "orders" {
  target_group_arn = aws_lb_target_group.orders.arn
  target_id        = aws_lambda_function.orders.arn
  depends_on       = [aws_lambda_permission.balancer]
}

resource "aws_lb" "orders" {
  name            = "orders"
  subnets         = var.subnets
  security_groups = [var.security_group]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.orders.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.orders.arn
  }
}

resource "aws_route53_record" "origin" {
  zone_id = var.zone_id
  name    = "${var.region}.orders.shop.example"
  type    = "A"

  alias {
    name                   = aws_lb.orders.dns_name
    zone_id                = aws_lb.orders.zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_health_check" "orders" {
  type              = "HTTPS"
  fqdn              = aws_route53_record.origin.fqdn
  port              = 443
  resource_path     = "/health"
  request_interval  = 10
  failure_threshold = 3
}

resource "aws_route53_record" "orders" {
  zone_id         = var.zone_id
  name            = "orders.shop.example"
  type            = "A"
  set_identifier  = var.region
  health_check_id = aws_route53_health_check.orders.id

  latency_routing_policy {
    region = var.region
  }

  alias {
    name                   = aws_lb.orders.dns_name
    zone_id                = aws_lb.orders.zone_id
    evaluate_target_health = true
  }
}
